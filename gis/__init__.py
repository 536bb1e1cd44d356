"""Geography: which zone a place lies in, what a spoken place means, who is near. Adapters of
``dispatch_core.ports``.
"""
