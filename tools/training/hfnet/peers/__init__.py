"""Other people's local features, inference only, for comparison: their published weights are read as they are."""
