"""A map of a drive whose poses nobody knows: own features and matches into pycolmap, scale, and `hfloc map build`."""
