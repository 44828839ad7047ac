"""What is seen and clicked: Qt and pyqtgraph."""
