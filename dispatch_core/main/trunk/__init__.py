"""The one writer of the site's description and of the switches' files: plan, apply, history, drift, jobs."""
