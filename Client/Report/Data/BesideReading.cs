using System.Runtime.CompilerServices;

namespace Layerbench.Report.Data;

/// <summary>Work on what is read, beside the reading.</summary>
internal static class BesideReading
{
    /// <summary>The work's results in the order of the items; on other threads, while the next items are read.</summary>
    /// <param name="most">Items that are worked on or wait at once.</param>
    public static async IAsyncEnumerable<TResult> SelectBesideAsync<T, TResult>(
        this IAsyncEnumerable<T> items,
        Func<T, TResult> work,
        int most,
        [EnumeratorCancellation] CancellationToken cancellation = default
    )
    {
        var begun = new Queue<Task<TResult>>();
        await foreach (var item in items.WithCancellation(cancellation))
        {
            begun.Enqueue(Task.Run(() => work(item), cancellation));
            if (begun.Count == most)
            {
                yield return await begun.Dequeue();
            }
        }

        while (begun.TryDequeue(out var next))
        {
            yield return await next;
        }
    }
}
