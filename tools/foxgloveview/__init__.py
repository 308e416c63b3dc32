"""Behind tools/foxglove: what hflocd says, as Foxglove draws it."""
