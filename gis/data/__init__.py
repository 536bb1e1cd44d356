"""Tables that come with the product: the sample of well-known places."""
