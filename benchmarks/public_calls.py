"""The table of `public_functions.py`: compiled functions of public packages, and arguments for them.

A line of `CALLS` is ``names: arguments``, as `public_functions.Call` reads it. Every function is called as its package made it.
"""

import numpy as np


def _drawn(seed, *shape, low=0.3, high=1.2):
    return np.random.default_rng(seed).uniform(low, high, shape)


def _prices(seed, *shape):
    steps = np.random.default_rng(seed).normal(0.0, 0.02, shape)
    return 10.0 * np.exp(np.cumsum(steps, axis=0))


def _single(values):
    return values.astype(np.float32)


def _simplex(seed, n):
    weights = _drawn(seed, n)
    return weights / weights.sum()


def _spd(seed, n):
    a = _drawn(seed, n, n)
    return a @ a.T + n * np.eye(n)


ARGUMENTS = {
    "u": lambda: _drawn(1, 6),
    "v": lambda: _drawn(2, 6),
    "w": lambda: _drawn(3, 6),
    "u2": lambda: _drawn(4, 2),
    "v2": lambda: _drawn(5, 2),
    "u3": lambda: _drawn(6, 3),
    "v3": lambda: _drawn(7, 3),
    "u4": lambda: _drawn(18, 4),
    "v4": lambda: _drawn(19, 4),
    "u5": lambda: _drawn(28, 5),
    "v5": lambda: _drawn(29, 5),
    "u32": lambda: _single(_drawn(1, 6)),
    "v32": lambda: _single(_drawn(2, 6)),
    "ball": lambda: 0.3 * _drawn(8, 3),
    "ball2": lambda: 0.3 * _drawn(9, 3),
    "signed": lambda: _drawn(10, 6, low=-1.0, high=1.0),
    "p": lambda: _simplex(11, 6),
    "q": lambda: _simplex(12, 6),
    "grid": lambda: np.linspace(0.0, 2.0, 6),
    "grid2": lambda: np.linspace(0.0, 3.0, 5),
    "xs": lambda: np.sort(_drawn(13, 6)),
    "ones": lambda: np.ones(6),
    "zeros": lambda: np.zeros(6),
    "zeros3": lambda: np.zeros(3),
    "m": lambda: _spd(14, 6),
    "a": lambda: _drawn(15, 4, 3),
    "b": lambda: _drawn(16, 4, 3),
    "a65": lambda: _drawn(17, 6, 5),
    "square": lambda: _drawn(20, 5, 5),
    "square6": lambda: _drawn(20, 6, 6),
    "cost": lambda: _drawn(21, 6, 6),
    "stochastic": lambda: np.stack([_simplex(k, 3) for k in range(3)]),
    "logs": lambda: np.log(np.stack([_simplex(k, 3) for k in range(6)])),
    "logs3": lambda: np.log(np.stack([_simplex(k, 3) for k in range(10, 13)])),
    "log_p": lambda: np.log(_simplex(11, 3)),
    "price": lambda: _prices(22, 24),
    "high": lambda: _prices(22, 24) + _drawn(23, 24, low=0.1, high=0.4),
    "low": lambda: _prices(22, 24) - _drawn(24, 24, low=0.1, high=0.4),
    "volume": lambda: _drawn(25, 24, low=50.0, high=90.0),
    "prices": lambda: _prices(26, 12, 2),
    "returns": lambda: _drawn(27, 24, low=-0.05, high=0.06),
    "returns2": lambda: _drawn(28, 24, low=-0.05, high=0.06),
    "returns22": lambda: _drawn(29, 12, 2, low=-0.05, high=0.06),
    "bench22": lambda: _drawn(30, 12, 2, low=-0.05, high=0.06),
    "start2": lambda: np.array([10.0, 11.0]),
    "indices": lambda: np.array([0, 2, 3, 5, 7, 8], dtype=np.int32),
    "indices_b": lambda: np.array([0, 1, 3, 4, 7, 9], dtype=np.int32),
    "counts": lambda: np.array([0.0, 1.0, 2.0, 3.0, 4.0, 5.0]),
    "triples": lambda: _drawn(31, 5, 3),
    "r0": lambda: np.array([1131.340, -2282.343, 6672.423]),
    "v0": lambda: np.array([-5.64305, 4.30333, 2.42879]),
    "r1": lambda: np.array([5000.0, 10000.0, 2100.0]),
    "r2": lambda: np.array([-14600.0, 2500.0, 7000.0]),
    "state6": lambda: np.array([1131.340, -2282.343, 6672.423, -5.64305, 4.30333, 2.42879]),
    "sabr": lambda: np.array([0.2, 0.5, -0.3, 0.4]),
    "sabr3": lambda: np.array([0.2, -0.3, 0.4]),
    "clark": lambda: np.array([0.2, 0.1, 0.05]),
    "svi": lambda: np.array([0.04, 0.1, -0.3, 0.1, 0.2]),
    "wave": lambda: _drawn(32, 4, low=4000.0, high=8000.0),
    "invum": lambda: 2.5,
    "dirty": lambda: np.where(np.arange(24) % 7 == 3, np.nan, _prices(33, 24)),
    "garch": lambda: np.array([0.1, 0.15, 0.7]),
    "egarch": lambda: np.array([0.1, 0.15, 0.05, 0.7]),
    "bounds": lambda: np.tile([1e-6, 1e6], (24, 1)),
    "sigma2": lambda: np.zeros(24),
    "squares": lambda: _drawn(34, 24, low=0.01, high=0.2),
    "mask2": lambda: np.ones((4, 4), dtype=np.bool_),
    "s14": lambda: _drawn(35, 4, 2),
    "s24": lambda: _drawn(36, 4, 2),
    "finite": lambda: np.ones(22, dtype=np.bool_),
    "biv": lambda: _drawn(37, 6, low=0.1, high=0.3),
    "steps": lambda: np.array([[1, 1], [0, 1], [1, 0]], dtype=np.uint32),
    "tri": lambda: np.stack([np.r_[0.0, _drawn(38, 5)], 4.0 + _drawn(39, 6), np.r_[_drawn(40, 5), 0.0]], axis=1),
    "depth": lambda: np.array([2.0, 3.0, 0.0]),
    "vp": lambda: np.array([2.0, 4.0, 6.0]),
    "vs": lambda: np.array([1.2, 2.3, 3.5]),
    "rho": lambda: np.array([2.0, 2.4, 2.8]),
    "long": lambda: _drawn(41, 90),
    "lens": lambda: (1.1, 0.9, 0.12, 0.07, 0.8, 0.03, -0.02),
    "ones55": lambda: np.ones((5, 5)),
    "finite24": lambda: np.ones(21, dtype=np.bool_),
}

CALLS = {
    "umap.distances": """
        euclidean manhattan chebyshev canberra bray_curtis cosine correlation hellinger softmax_hellinger symmetric_kl: u v
        ll_dirichlet: u v
        euclidean_grad manhattan_grad chebyshev_grad canberra_grad bray_curtis_grad cosine_grad: u v
        hellinger_grad correlation_grad symmetric_kl_grad softmax_hellinger_grad: u v
        minkowski minkowski_grad: u v 3.0
        weighted_minkowski weighted_minkowski_grad: u v w 3.0
        standardised_euclidean standardised_euclidean_grad: u v w
        mahalanobis mahalanobis_grad: u v m
        haversine haversine_grad: u2 v2
        poincare hyperboloid_grad: ball ball2
        approx_log_Gamma log_single_beta: 2.5
        log_beta: 2.5 3.5
        sinkhorn_distance: p q cost
        spherical_gaussian_energy_grad: u3 v3
        diagonal_gaussian_energy_grad: u4 v4
        gaussian_energy_grad: u5 v5
        softmax: u
        """,
    "umap.layouts": "rdist: u32 v32\nclip: 0.7",
    "umap.utils": "norm: u",
    "umap.sparse": """
        sparse_euclidean sparse_manhattan sparse_chebyshev sparse_canberra sparse_bray_curtis sparse_cosine: indices u indices_b v
        sparse_hellinger sparse_ll_dirichlet: indices u indices_b v
        sparse_minkowski: indices u indices_b v 3.0
        sparse_correlation: indices u indices_b v 10
        sparse_sum sparse_diff sparse_mul: indices u indices_b v
        """,
    "umap.umap_": "reprocess_row: u 4 8",
    "pynndescent.distances": """
        euclidean squared_euclidean: u32 v32
        manhattan chebyshev canberra bray_curtis cosine alternative_cosine correlation hellinger true_angular tsss: u v
        jensen_shannon_divergence symmetric_kl_divergence alternative_hellinger dot alternative_dot inner_product: u32 v32
        wasserstein_1d circular_kantorovich: u v
        minkowski: u v 3.0
        weighted_minkowski: u v w 3.0
        standardised_euclidean: u v w
        mahalanobis: u v m
        haversine: u2 v2
        kantorovich sinkhorn: p q cost
        proxy_jensen_shannon proxy_symmetric_kl proxy_wasserstein_1d: u32 v32
        """,
    "pynndescent.utils": "norm: u32",
    "pynndescent.sparse": "sparse_sum sparse_diff sparse_mul: indices u32 indices_b v32",
    "fastdist.fastdist": """
        braycurtis canberra chebyshev cityblock cosine euclidean sqeuclidean jensenshannon correlation: u v w
        braycurtis euclidean r2_score mean_squared_error mean_absolute_error median_absolute_error: u v
        explained_variance_score max_error mean_squared_log_error: u v w
        rel_entr: p q
        mahalanobis: u v m
        minkowski: u v 3.0 w
        seuclidean: u v w
        cosine_vector_to_matrix: u3 a
        cosine_matrix_to_matrix: a b
        cosine_pairwise_distance: a True
        vector_to_matrix_distance: u3 a @fastdist.fastdist.euclidean 'euclidean'
        matrix_to_matrix_distance: a b @fastdist.fastdist.cityblock 'cityblock'
        matrix_pairwise_distance: a @fastdist.fastdist.euclidean 'euclidean' False
        variance: u w
        log_loss brier_score_loss: counts! u
        """,
    "quantecon._inequality": "lorenz_curve gini_coefficient: u",
    "quantecon._lss": "simulate_linear_model: square6 u m! 4",
    "quantecon.quad": """
        _qnwcheb1 _qnwlege1 _qnwsimp1 _qnwtrap1: 5 0.2 1.7
        _qnwbeta1 _qnwgamma1: 5 1.5 2.5
        """,
    "quantecon.markov.gth_solve": "_gth_solve_jit: stochastic zeros3",
    "quantecon.optimize.pivoting": "_pivoting: square 2 1",
    "arch.univariate.recursions_python": """
        garch_recursion: garch squares! squares! sigma2! 1 0 1 24 0.5! bounds!
        arch_recursion: garch squares! sigma2! 2 24 0.5! bounds!
        figarch_weights: garch 1 1 20
        garch_core: 3 garch squares! squares! 0.5! bounds! 1 0 1 2.0!
        """,
    "numba_stats.norm": """
        _logpdf _pdf _cdf _ppf: u 0.1 1.3
        _logpdf1 _cdf1 _ppf1: 0.4
        """,
    "numba_stats.expon": "_logpdf _pdf _cdf _ppf: u 0.1 1.3",
    "numba_stats.laplace": "_logpdf _pdf _cdf _ppf: u 0.1 1.3",
    "numba_stats.lognorm": "_logpdf _pdf _cdf _ppf: u 0.7 0.1 1.3",
    "numba_stats.t": "_logpdf _pdf _cdf: u 3.5 0.1 1.3",
    "numba_stats.truncnorm": "_logpdf _pdf _cdf: u 0.2 1.5 0.1 1.3",
    "numba_stats.truncexpon": "_logpdf _pdf _cdf: u 0.2 1.5 0.1 1.3",
    "numba_stats.crystalball": "_logpdf _pdf _cdf _ppf: u 0.7 2.5 0.4 1.3",
    "numba_stats.qgaussian": "_logpdf _pdf _cdf: u 1.5 0.1 1.3",
    "numba_stats.uniform": "_pdf _cdf _ppf: u 0.1 2.3",
    "numba_stats.tsallis": "_pdf _cdf: u 0.5 0.7 4.5",
    "numba_stats.voigt": "_pdf: u 0.5 0.1 1.3",
    "numba_stats.bernstein": "_density _integral: u v 0.1 1.5",
    "numba_stats.argus": "_logpdf _pdf _cdf: u 0.7 2.0 0.5",
    "numba_stats.cruijff": "_density: u 0.1 0.2 0.5 0.6 0.7",
    "numba_stats.cmsshape": "_logpdf _pdf _cdf: u 0.4 0.3 0.5",
    "numba_stats.novosibirsk": "_logpdf _pdf _cdf: u 0.3 0.5 1.2",
    "numba_stats.chi2": "_logpdf _pdf: u 2.5 0.1 1.3",
    "numba_stats.gamma": "_logpdf _pdf: u 2.5 0.1 1.3",
    "numba_stats.exponnorm": "_logpdf _cdf: u 0.7 0.1 1.3",
    "numba_stats.skewnorm": "_logpdf _pdf: u 0.7 0.1 1.3",
    "choclo.point": "gravity_pot gravity_e gravity_ee gravity_eu kernel_uu: 1.0 2.0 3.0 0.2 0.1 -0.5 4.0",
    "choclo.prism": """
        gravity_pot gravity_u gravity_en gravity_uu: 1.0 2.0 3.0 -1.0 0.5 -1.2 0.7 -2.0 -0.5 2.7
        magnetic_e magnetic_field: 1.0 2.0 3.0 -1.0 0.5 -1.2 0.7 -2.0 -0.5 2.7 1.1 0.4
        kernel_e kernel_uu kernel_enu kernel_een: 1.0 2.0 3.0 3.8
        """,
    "choclo.point._forward": "gravity_n gravity_nn gravity_nu: 1.0 2.0 3.0 0.2 0.1 -0.5 4.0",
    "choclo.point._kernels": """
        kernel_pot kernel_n kernel_u kernel_ee kernel_nn kernel_en kernel_eu kernel_nu: 1.0 2.0 3.0 0.2 0.1 -0.5 4.0
        """,
    "choclo.prism._kernels": """
        kernel_pot kernel_n kernel_u kernel_ee kernel_nn kernel_en kernel_eu kernel_nu kernel_eee kernel_nuu: 1.0 2.0 3.0 3.8
        _kernel_iij: 1.0 2.0 3.0 3.8
        _safe_atan2: 0.7 -0.4
        _safe_log: 0.7 1.0 2.0 2.5
        """,
    "choclo.prism._magnetic": """
        magnetic_n magnetic_ee magnetic_en: 1.0 2.0 3.0 -1.0 0.5 -1.2 0.7 -2.0 -0.5 2.7 1.1 0.4
        """,
    "choclo.dipole": "magnetic_field magnetic_e magnetic_u: 1.0 2.0 3.0 0.2 0.1 -0.5 4.0 1.0 2.0",
    "choclo.utils": """
        distance_cartesian: 1.0 2.0 3.0 0.2 0.1 -0.5
        distance_spherical: 10.0 20.0 3.0 12.0 17.0 2.5
        """,
    "hapsira.core.angles": """
        D_to_nu nu_to_D D_to_M M_to_D: 0.7
        nu_to_E E_to_nu E_to_M M_to_E fp_angle: 0.7 0.3
        nu_to_F F_to_nu F_to_M M_to_F: 0.7 1.3
        """,
    "hapsira.core.elements": """
        eccentricity_vector: 398600.4 r0 v0
        circular_velocity: 398600.4 7000.0
        rv_pqw: 398600.4 11067.8 0.83 1.6
        coe_rotation_matrix: 1.5 0.9 0.6
        coe2rv: 398600.4 11067.8 0.83 1.5 3.9 0.9 1.6
        coe2mee: 11067.8 0.83 1.5 3.9 0.9 1.6
        rv2coe: 398600.4 r0 v0
        mee2coe: 11067.8 0.3 0.4 0.2 0.1 1.6
        """,
    "hapsira.core.util": "rotation_matrix: 0.7 1\nspherical_to_cartesian: u3\nplanetocentric_to_AltAz: 0.7 0.4",
    "hapsira.core.perturbations": """
        J2_perturbation J3_perturbation: 0.0! state6 398600.4 0.00108 6378.1
        atmospheric_drag_exponential: 0.0! state6 398600.4 6378.1 2.2 0.01 8.5 1.2
        """,
    "hapsira.core.iod": """
        izzo: 398600.4 r1 r2 3600.0 0 True True 35 1e-8!
        _compute_y: 0.3 0.5
        _tof_equation: 0.3 0.1 0.5 0
        """,
    "hapsira.core.propagation": """
        farnocchia markley mikkola pimienta gooding danby recseries: 398600.4 r0 v0 3600.0
        vallado: 398600.4 r0 v0 3600.0 50
        """,
    "hapsira.core.events": "eclipse_function: 398600.4 state6 r1 695700.0 6378.1\nline_of_sight: r1 r2 6378.1",
    "hapsira.core.flybys": "compute_flyby: v0 u3 398600.4 7000.0 0.4",
    "hapsira.core.propagation.base": "func_twobody: 0.0! state6 398600.4",
    "financepy.utils.math": """
        normcdf normpdf normcdf_prime norminvcdf: 0.4
        normcdf_integrate normcdf_slow: 0.4
        phi2 M: 0.3 0.5 0.2
        phi3: 0.3 0.5 0.2 0.1 0.2 0.3
        covar: u v
        scale: u 2.5
        solve_tridiagonal_matrix: tri u
        """,
    "financepy.models.black_scholes_analytic": """
        bs_value bs_delta bs_gamma bs_vega bs_theta bs_rho bs_vanna: 100.0 1.5 105.0 0.03 0.01 0.2 1
        baw_value: 100.0 1.5 105.0 0.03 0.01 0.2 1
        bjerksund_stensland_value: 100.0 1.5 105.0 0.03 0.01 0.2 3
        bs_intrinsic: 110.0 1.5 105.0 0.03 0.01 1
        """,
    "financepy.models.sabr": "vol_function_sabr: sabr 0.03 0.035 1.5\nvol_function_sabr_beta_one: sabr3 0.03 0.035 1.5",
    "financepy.models.volatility_fns": """
        vol_function_clark: clark 1.0 1.1 0.5
        vol_function_svi: svi 1.0 1.1 0.5
        ssvi ssvi1 ssvi2 g density_ssvi: 0.1 0.4 0.3 -0.3 1.5
        """,
    "financepy.models.cir_montecarlo": "meanr: 0.03 0.2 0.05 1.5\nvariancer zero_price: 0.03 0.2 0.05 0.1 1.5",
    "financepy.models.vasicek_mc": "meanr: 0.03 0.2 0.05 1.5\nzero_price: 0.03 0.2 0.05 0.1 1.5\nvariancer: 0.2 0.1 1.5",
    "financepy.models.gauss_copula_lhp": "lhp_density prob_l_greater_than_k: 0.1 0.05 0.4 0.3",
    "financepy.models.equity_crr_tree": "crr_tree_val: 100.0 0.03 0.01 0.2 20 1.0 1 105.0 1",
    "vanilla_option_pricers.black_scholes": """
        compute_bsm_vanilla_price compute_bsm_vanilla_delta: 1.0 1.1 0.5 0.3 'C'
        compute_bsm_vanilla_vega compute_bsm_vanilla_gamma: 1.0 1.1 0.5 0.3
        compute_bsm_vanilla_theta compute_bsm_digital_price: 1.0 1.1 0.5 0.3 'P'
        """,
    "vanilla_option_pricers.bachelier": "compute_normal_price compute_normal_delta: 1.0 1.1 0.5 0.3 'C'",
    "vectorbt.generic.nb": """
        fillna_1d_nb: dirty 1.5
        bshift_1d_nb fshift_1d_nb diff_1d_nb pct_change_1d_nb: price 2
        ffill_1d_nb bfill_1d_nb: dirty
        nanprod_nb nancumsum_nb nancumprod_nb nansum_nb nanmin_nb nanmax_nb nanmean_nb nanmedian_nb nanstd_nb: prices
        nanstd_1d_nb: dirty 1
        rolling_min_1d_nb rolling_max_1d_nb rolling_mean_1d_nb rolling_std_1d_nb: price 4
        rolling_mean_nb rolling_std_nb: prices 4 2
        ewm_mean_1d_nb ewm_std_1d_nb: price 4 1 True
        expanding_min_1d_nb expanding_max_1d_nb expanding_mean_1d_nb expanding_std_1d_nb: price
        min_reduce_nb mean_reduce_nb median_reduce_nb sum_reduce_nb: 0 price
        std_reduce_nb: 0 price 1
        """,
    "vectorbt.returns.nb": """
        get_return_nb: 10.0 11.0
        returns_1d_nb: price 10.0
        returns_nb: prices start2
        cum_returns_1d_nb cum_returns_final_1d_nb: returns 1.0
        cum_returns_nb: returns22 1.0
        annualized_return_1d_nb annualized_volatility_1d_nb calmar_ratio_1d_nb sharpe_ratio_1d_nb: returns 252.0
        sharpe_ratio_nb sortino_ratio_nb annualized_return_nb: returns22 252.0
        drawdown_1d_nb max_drawdown_1d_nb ulcer_index_1d_nb tail_ratio_1d_nb value_at_risk_1d_nb cond_value_at_risk_1d_nb: returns
        omega_ratio_1d_nb downside_risk_1d_nb sortino_ratio_1d_nb martin_ratio_1d_nb: returns 252.0
        information_ratio_1d_nb beta_1d_nb: returns returns2
        alpha_1d_nb capture_1d_nb: returns returns2 252.0
        beta_nb information_ratio_nb: returns22 bench22
        rolling_sharpe_ratio_nb: returns22 5 None 252.0
        """,
    "vectorbt.indicators.nb": "ma_nb: prices 3 True\nmstd_nb: prices 3 False",
    "vectorbt.labels.nb": "future_mean_apply_nb future_std_apply_nb: prices 3 False\nfixed_labels_apply_nb: prices 2",
    "ta_numba.helpers": """
        _sma _wma _rma _ema: price 4
        _ema_numba_adjusted _wilders_ema_numba_adjusted: price 4
        _true_range_numba: high low price
        _ewm_numba: price 0.3
        """,
    "ta_numba.momentum": """
        relative_strength_index_numba rate_of_change_numba momentum_numba: price 5
        stochastic_rsi_numba true_strength_index_numba kaufmans_adaptive_moving_average_numba: price 5 3 3
        ultimate_oscillator_numba: high low price 3 5 8
        stochastic_oscillator_numba: high low price 5 3
        percentage_price_oscillator_numba: price 3 6 4
        """,
    "ta_numba.trend": """
        macd_numba: price 3 6 4
        cci_numba adx_numba vortex_indicator_numba: high low price 5
        trix_numba dpo_numba: price 4
        """,
    "ta_numba.volatility": """
        average_true_range_numba: high low price 5
        bollinger_bands_numba: price 5 2.0
        keltner_channel_numba: high low price 5 4
        ulcer_index_numba: price 5
        """,
    "ta_numba.volume": """
        money_flow_index_numba chaikin_money_flow_numba volume_weighted_average_price_numba: high low price volume 5
        acc_dist_index_numba: high low price volume
        force_index_numba: price volume 4
        """,
    "ta_numba.others": """
        daily_return_numba daily_log_return_numba cumulative_return_numba compound_log_return_numba: price
        rolling_zscore_numba linear_regression_slope_numba rolling_percentile_numba: price 6
        """,
    "numba_extinction.models.ccm_89": "ccm89_invum: invum\ncompute_exctinction: wave 1.0 3.1",
    "numba_extinction.models.calzetti_00": "calzetti00_invum: invum 3.1\ncompute_extinction: wave 1.0 4.05",
    "numba_extinction.models.odonnell_94": "compute_exctinction: wave 1.0 3.1",
    "numba_extinction.models.vcg_04": "compute_exctinction: wave 1.0 3.1",
    "fynance.features.momentums": "_sma_1d _wma_1d _wmstd_1d: price 4\n_ema_1d _emstd_1d: price 0.3\n_smstd_1d: price 4 1",
    "fynance.features.roll_functions": "_roll_cov_1d _roll_corr_1d _roll_beta_1d: price volume 6\n_roll_min_1d: price 5",
    "fynance.models.econometric_models": "_gjr_garch: returns 0.1 0.1 0.05 0.8\n_loglik_normal: returns squares",
    "tslearn.metrics.dtw_variants": "_njit_local_squared_dist: u v\n_njit_subsequence_cost_matrix: s14 s24",
    "tslearn.metrics._dtw": "_njit_accumulated_matrix: s14 s24 mask2",
    "tslearn.metrics._soft_dtw": "_njit_accumulated_matrix: s14 s24 mask2 0.7!",
    "tslearn.metrics._frechet": "_njit_accumulated_matrix: s14 s24 mask2",
    "stumpy.core": """
        _calculate_squared_distance: 4 1.3 0.5 0.7 0.4 0.6 False False
        _welford_nanvar: price 4 finite24
        _sliding_dot_product _p_norm_distance_profile: u3 price
        _rolling_nanstd_1d: price 4
        """,
    "antropy.utils": "_linear_regression: u v",
    "stumpy.fastmath": "_add_assoc: 0.3 0.4",
    "antropy.fractal": "_higuchi_fd: price 4\n_dfa: long",
    "librosa.sequence": "_viterbi: logs logs3 log_p",
    "HARK.numba_tools": """
        _interp_linear: xs grid! v True
        linear_interp_fast linear_interp_deriv_fast: xs grid! v
        """,
    "HARK.dcegm": "calc_linear_crossing: u2 v2 u2",
    "interpolation.splines.hermite": """
        hermite_splines: 0.4
        hermite_interp: 0.4 0.1 0.9 1.0 2.0 0.5 0.7
        HermiteInterpolation: 0.7 grid u v
        """,
    "interpolation.multilinear.fungen": "clamp: 0.7 0.2 0.9",
    "interpolation.splines.filter_cubic": "filter_coeffs_1d: u2 v",
    "consav.linear_interp": "binary_search: 0 6 grid 0.7",
    "consav.linear_interp_1d": "interp_1d: grid! u 0.7",
    "consav.linear_interp_2d": "interp_2d: grid! grid2! a65 0.7 1.6",
    "consav.grids": "nonlinspace_jit: 0.1 2.5 6 1.2",
    "scijit.interpolate.evaluators": "splint: grid! u 1 0.1 0.3",
    "disba._cps._surf96": """
        dltar1 fast_delta: 0.7 1.2 depth vp vs rho 0
        dltar4: 0.7 1.2 depth vp vs rho 0 ones55
        dltar: 0.7 1.2 depth vp vs rho 2 0 ones55
        dnka: 0.5 0.9 1.1 2.2 1.3 0.4 0.7 0.2 0.5 0.6 0.3 0.8 0.1 0.9 ones55
        var: 0.4 0.3 0.5 0.6 0.5 0.3 0.4 0.2
        gtsolh: 6.0 3.5
        """,
    "disba._cps._common": "normc: u5 5",
    "disba._cps._swegn96": """
        evalg: 2 depth vp vs rho 0.7 1.2
        varl: 1 1.2 0.7 2.0 vs rho
        varsv: 0.4 0.3 0.5 0.6 2.0 0
        hskl: 1 vs u3 0.9 0.4 0.7
        hska: 1.2 0.7 3.5 2.2 0.9 0.3 0.4 0.8 0.2 0.5 1.1 0.7 0
        shfunc svfunc shup svup: 1.2 0.7 depth vp vs rho
        """,
    "lenstronomy.LensModel.Util.epl_util": """
        min_approx: 0.1 0.5 1.1 0.7 0.2 0.9
        rotmat: 0.7
        cdot: u v
        ps: u 1.7
        cart_to_pol pol_to_cart: 0.7 0.4
        pol_to_ell ell_to_pol: 0.7 0.4 0.8
        solvequadeq: 0.5 2.0 -1.3
        """,
    "lenstronomy.LensModel.Profiles.epl_numba": """
        param_transform: 0.7 0.4 1.1 1.9 0.1 0.05
        """,
    "lenstronomy.LensModel.Solver.epl_shear_solver": """
        _one_dim_lens_eq _one_dim_lens_eq_unsmooth _one_dim_lens_eq_both _getr: 0.7 lens
        _getphi: u lens
        """,
    "lenstronomy.Util.param_util": "phi_q2_ellipticity: 0.7 0.8\nellipticity2phi_q: 0.1 0.2",
    "lenstronomy.Util.util": "rotate: u v 0.3",
    "quaternionic.converters": "_to_euler_phases: u4 zeros3",
    "numba_quaternion": "dist_spherical_pairwise_from_lastcol_array: triples",
}

NO_DERIVATIVE = {
    "umap.umap_.smooth_knn_dist, hapsira.core.iod.vallado": "bisection: comparisons find the answer",
    "pynndescent.distances.spearmanr": "of ranks: constant almost everywhere",
    "financepy.utils.math.cholesky": "it reads half of a symmetric matrix: differences see that half only",
    "umap.distances.jaccard, dice, yule and other sets": "they count: the value is constant almost everywhere",
    "pynndescent.distances.bit_*, quantized_*": "they take integers",
    "quantecon.markov, game_theory.*": "they search and sample: values are positions",
    "spherical.recursions, spherical_functions": "angular momenta are integers, rotors complex numbers",
    "clifford._layout": "tables of signs and positions",
    "quantecon.optimize.root_finding.bisect, brentq": "comparisons find the answer: its derivative is that of the equation",
}
