"""What the service needs: hashed locks, and the installer that brings a bare machine to them."""
