"""The local engine: tantivy and FAISS in one folder of generations."""
