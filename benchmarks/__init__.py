"""Speed of the product beside a floor measured in the same run; each module names its goals beside its cases."""
