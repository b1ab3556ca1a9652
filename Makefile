# Doors for those who like them; each is one of the scripts.
.PHONY: start test fast format
start: ; scripts/start
test: ; scripts/test
fast: ; scripts/test --fast
format: ; swift format -i -r --parallel Sources Tests Benchmarks Package.swift Fuzz/Harness Fuzz/Package.swift
