"""The composition root: the only place that knows every service and starts them in processes."""
