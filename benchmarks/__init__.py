"""Speed of the product beside a floor measured in the same run; see docs/performance.md for the goals."""
