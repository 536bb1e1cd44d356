"""Taking a call: the list of calls, who is calling, the fields that the call fills."""
