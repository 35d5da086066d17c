namespace Layerbench.Worker.Session;

internal static class Dtypes
{
    public static IReadOnlyList<string> Names { get; } = ["float32", "float64", "float16", "bfloat16"];

    /// <exception cref="NotSupportedException">No dtype has this name.</exception>
    public static torch.ScalarType Find(string name) =>
        name switch
        {
            "float32" => torch.ScalarType.Float32,
            "float64" => torch.ScalarType.Float64,
            "float16" => torch.ScalarType.Float16,
            "bfloat16" => torch.ScalarType.BFloat16,
            _ => throw new NotSupportedException(
                $"dtype: '{name}' is unknown; give one of {string.Join(", ", Names)}."
            ),
        };
}
