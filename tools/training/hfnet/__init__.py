"""HF-Net in PyTorch: training, quantization, export and evaluation (see the article Model for the specification)."""
