namespace Microcosm.Redis;

/// <summary>One class' limit: closed at once above <paramref name="HardBytes"/>, or above <paramref name="SoftBytes"/> for so many
/// seconds. 0 is no limit.</summary>
public sealed record OutputBufferLimit(long HardBytes, long SoftBytes, int SoftSeconds)
{
    /// <inheritdoc/>
    public override string ToString() => $"{HardBytes} {SoftBytes} {SoftSeconds}";
}
