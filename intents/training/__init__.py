"""Fine-tuning the encoder; needs the `train` extra, which the running bot does without."""
