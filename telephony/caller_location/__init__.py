"""Where a caller is, out of what networks and phones send: pure readers from bytes and text to a `Location`.

Nothing of it is trusted: whatever comes is a place or the reason why it is none, never an error that could keep a
call from being shown. `pidf_lo` reads the XML in an INVITE, `asterisk_words` what Asterisk's own reader would say of
it, `aml_sms` and `aml_https` what a phone sends beside the call; `shapes` is the geometry that they share.
"""
