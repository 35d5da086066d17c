namespace Layerbench.Worker.Generator;

/// <summary>
/// The counter-based generator of docs/protocol.md: element <c>i</c> of the tensor <c>name</c> depends on the seed, the
/// name and <c>i</c> alone, so every worker makes the same numbers, in any framework and in chunks of any size.
/// </summary>
/// <remarks>The mixer is C. Wellons' lowbias32, https://nullprogram.com/blog/2018/07/31/.</remarks>
internal sealed class SeededTensors(ulong seed, torch.ScalarType dtype, torch.Device device, torch.Device? home = null)
{
    private const long Low32 = 0xffffffffL;

    public torch.ScalarType Dtype { get; } = dtype;
    public torch.Device Device { get; } = device;

    /// <summary>Elements drawn at once: int64 temporaries that stay in a CPU's cache, or that fill a GPU. A power of two
    /// below 2^32, so that all counters of a chunk have the same high half.</summary>
    private long ChunkElements => Device.type == DeviceType.CUDA ? 1L << 24 : 1L << 17;

    private readonly Dictionary<string, Tensor> inputs = new(StringComparer.Ordinal);

    private SeededTensors? onHost;

    /// <summary>The same numbers, drawn on the device and kept in host memory, which may be larger.</summary>
    public SeededTensors OnHost => onHost ??= new(seed, Dtype, Device, torch.CPU);

    /// <summary>An input, N(0, 1), which the variants of a cell share where it has the same shape and layout.</summary>
    /// <param name="layout">Of <paramref name="arrange"/>, which makes of the drawn tensor the one that is kept.</param>
    public Tensor Input(string name, IReadOnlyList<long> shape, string layout, Func<Tensor, Tensor> arrange) =>
        Shared(
            $"{name} {layout}",
            shape,
            () =>
            {
                using var scope = torch.NewDisposeScope();
                return scope.MoveToOuter(arrange(Normal(name, shape, 0, 1)));
            }
        );

    /// <summary>1 where the uniform number is below one half, else 0; shared as inputs are.</summary>
    /// <remarks>In float32 at least, because libtorch has no binary cross-entropy of the half types on CPUs.</remarks>
    public Tensor Coin(string name, IReadOnlyList<long> shape) =>
        Shared(name, shape, () => Draw(name, shape, LossDtype, u => u.lt(0.5)));

    /// <summary>Of a training run: trials of one cell have weights and data of their own.</summary>
    public SeededTensors Trial(long trial) => new(TrialSeed(trial), Dtype, Device);

    /// <summary>The seed of a trial's run; docs/protocol.md.</summary>
    public ulong TrialSeed(long trial) =>
        (seed & ~(ulong)Low32) | Mix(unchecked((uint)seed + (0x9e3779b9u * (uint)trial)));

    /// <summary>u in (0, 1), in float64.</summary>
    public Tensor Uniform(string name, IReadOnlyList<long> shape) =>
        Draw(name, shape, torch.ScalarType.Float64, u => u);

    private torch.ScalarType LossDtype => Dtype == torch.ScalarType.Float64 ? Dtype : torch.ScalarType.Float32;

    private Tensor Shared(string name, IReadOnlyList<long> shape, Func<Tensor> make)
    {
        var key = $"{name} {string.Join(',', shape)}";
        if (!inputs.TryGetValue(key, out var tensor))
        {
            inputs[key] = tensor = make();
        }

        return tensor;
    }

    /// <summary>mean + deviation × N(0, 1), drawn in float64 and then cast.</summary>
    public Tensor Normal(string name, IReadOnlyList<long> shape, double mean, double deviation) =>
        Draw(
            name,
            shape,
            Dtype,
            u =>
            {
                // The method: the static torch.erfinv of TorchSharp 0.107.0 gives erf (torch.PointwiseOps.cs).
                using var normal = u.mul_(2.0).sub_(1.0).erfinv();
                return normal.mul(Math.Sqrt(2)).mul_(deviation).add_(mean);
            }
        );

    private Tensor Draw(string name, IReadOnlyList<long> shape, torch.ScalarType dtype, Func<Tensor, Tensor> transform)
    {
        var count = shape.Aggregate(1L, (product, n) => checked(product * n));
        var key = Key(name);
        var result = torch.empty([count], dtype, home ?? Device);
        for (var first = 0L; first < count; first += ChunkElements)
        {
            using var scope = torch.NewDisposeScope();
            var length = Math.Min(ChunkElements, count - first);
            var drawn = transform(Uniform(key, first, length));
            result.narrow(0, first, length).copy_(drawn);
        }

        var shaped = result.view([.. shape]);
        result.Dispose();
        return shaped;
    }

    /// <summary>u(first) … u(first + length − 1), in float64.</summary>
    private Tensor Uniform(long key, long first, long length)
    {
        var h = torch.arange(first & Low32, (first & Low32) + length, 1, torch.ScalarType.Int64, Device);
        h.bitwise_xor_(Constant(key));
        Mix(h);
        h.add_(first >> 32).bitwise_and_(Constant(Low32));
        Mix(h);
        return h.to(torch.ScalarType.Float64).add_(0.5).div_(4294967296.0);
    }

    private static void Mix(Tensor h)
    {
        h.bitwise_xor_(h.bitwise_right_shift(Constant(16)));
        h.mul_(0x7feb352dL).bitwise_and_(Constant(Low32));
        h.bitwise_xor_(h.bitwise_right_shift(Constant(15)));
        h.mul_(0x846ca68bL).bitwise_and_(Constant(Low32));
        h.bitwise_xor_(h.bitwise_right_shift(Constant(16)));
    }

    // A scalar tensor of the CPU may be an operand beside tensors of any device.
    private static Tensor Constant(long value) => torch.tensor(value, torch.ScalarType.Int64);

    private long Key(string name)
    {
        var low = (uint)seed;
        var high = (uint)(seed >> 32);
        return Mix(Crc32.Of(name) ^ low) ^ Mix(unchecked(high + 0x9e3779b9u));
    }

    private static uint Mix(uint h)
    {
        unchecked
        {
            h ^= h >> 16;
            h *= 0x7feb352du;
            h ^= h >> 15;
            h *= 0x846ca68bu;
            return h ^ (h >> 16);
        }
    }
}
