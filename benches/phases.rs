//! How long the compiler takes, up to each form that it can give: the differences are the phases; and how long a file takes until
//! it is known to be safe.

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use lang_compiler::driver::{Emit, Options, Output, compile};
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

fn load(criterion: &mut Criterion) {
    let files = Memory::new().with("bench.lang", lang_benches::program(10_000));
    let Some(Output::Module(module)) = compile(&files, "bench.lang", &Options::default()).output else {
        panic!("the program compiles");
    };
    let file = lang_bytecode::write(&module);
    let mut group = criterion.benchmark_group("load");
    group.throughput(Throughput::Bytes(file.len() as u64));
    group.bench_function("read", |bencher| bencher.iter(|| lang_bytecode::read(&file)));
    group.bench_function("verify", |bencher| {
        bencher.iter_batched(|| (*module).clone(), lang_bytecode::verify, BatchSize::LargeInput);
    });
    group.finish();
}

criterion_group!(benches, phases, load);
criterion_main!(benches);
