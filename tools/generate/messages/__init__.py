"""Writes the daemon's own Swift of the messages: plain values, encoders, decoders, and tables of their JSON."""
