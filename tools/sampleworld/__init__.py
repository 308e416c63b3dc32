"""A textured street loop rendered from code alone, with exact ground truth."""
