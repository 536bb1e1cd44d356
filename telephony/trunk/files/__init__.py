"""One module for each file of etc/asterisk (small ones together): a site in, the text of the file out."""
