"""What LLVM knows of the processor."""

from llvmlite import binding


def processor_text():
    """The name of the processor, and the sets of instructions that it has."""
    features = sorted(name for name, there in binding.get_host_cpu_features().items() if there)
    return f"{binding.get_host_cpu_name()}: {' '.join(features)}"
