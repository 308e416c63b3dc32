"""What tools/measure-integrity does: it tries to have hfloc publish poses that are wrong."""
