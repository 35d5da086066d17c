namespace Layerbench.Grains;

/// <summary>Durable writes of grains.</summary>
internal static class Keeping
{
    /// <summary>
    /// Writes the grain's state. If that fails, what is in memory is not what is stored: the activation ends, and the next
    /// call loads it again.
    /// </summary>
    public static async Task KeepAsync<T>(this Grain grain, IPersistentState<T> state)
    {
        var kept = false;
        try
        {
            await state.WriteStateAsync();
            kept = true;
        }
        finally
        {
            if (!kept)
            {
                ((IGrainBase)grain).DeactivateOnIdle();
            }
        }
    }
}
