namespace Microcosm.Http;

/// <summary>
/// Arrays of one length, kept for the thread that gives them back: a loop with many requests under way holds more of them than
/// <see cref="System.Buffers.ArrayPool{T}.Shared"/> keeps. Not shared among threads; what is beyond <see cref="KeptMax"/> is left to the
/// collector.
/// </summary>
/// <param name="length">Of each array.</param>
internal sealed class HeaderArrays<T>(int length)
{
    private const int KeptMax = 512;

    private readonly Stack<T[]> _kept = new();

    /// <summary>An array with room for <paramref name="count"/>; not cleared.</summary>
    public T[] Rent(int count) => count <= length
        ? _kept.TryPop(out var array) ? array : GC.AllocateUninitializedArray<T>(length)
        : GC.AllocateUninitializedArray<T>(Math.Max(count, length * 2));

    /// <summary>Takes an array back, of whatever length.</summary>
    public void Return(T[] array)
    {
        if (array.Length == length && _kept.Count < KeptMax)
            _kept.Push(array);
    }
}
