"""GradBench, the tool side: the messages of its protocol on standard input and output, and one module an eval.

The programs are written as a user of the library would write them first. There is no derivative by hand, no closed form, and
nothing that depends on the sizes of the inputs that the evals send. Where users would differ there are several ways; the first
is what the tool answers with, and ``python -m benchmarks.gradbench.intermediary --all-ways`` times all of them.

Not here: `particle` and `saddle`, whose answers depend on the steps of a line search that only the code of the reference defines;
`ba` and `ht`, whose objectives the evals do not state in words.
"""
