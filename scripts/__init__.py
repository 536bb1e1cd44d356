"""What a person runs from a checkout; never installed with the product."""
