//! How long the compiler takes, up to each form that it can give: the differences are the phases.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use lang_compiler::driver::{Emit, Options, compile};
use lang_compiler::source::Memory;

fn phases(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("compile");
    for lines in [1_000, 10_000] {
        let source = lang_benches::program(lines);
        group.throughput(Throughput::Elements(source.lines().count() as u64));
        let files = Memory::new().with("bench.lang", source);
        for (name, emit) in [("check", Emit::Check), ("ir", Emit::Ir), ("module", Emit::Module)] {
            let options = Options { emit, ..Options::default() };
            let compilation = compile(&files, "bench.lang", &options);
            assert!(!compilation.failed(), "{:?}", compilation.diagnostics.first());
            group.bench_function(BenchmarkId::new(name, lines), |bencher| {
                bencher.iter(|| compile(&files, "bench.lang", &options));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, phases);
criterion_main!(benches);
