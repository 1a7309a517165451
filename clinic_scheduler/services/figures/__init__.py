"""The figures of the dashboard; what each of them means stands in docs/figures.md, and nowhere else."""
