// Lands with its module.
