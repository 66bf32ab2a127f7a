"""What an administrator needs of a running bot: is it well, what does it do, what went wrong, and stopping it kindly."""
