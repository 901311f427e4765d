using System.Buffers;

namespace Microcosm.Runtime.Tests;

/// <summary>Counts the arrays that are rented and those that are not yet returned.</summary>
internal sealed class CountingPool : ArrayPool<byte>
{
    public int Rents { get; private set; }

    public int Open { get; private set; }

    public override byte[] Rent(int minimumLength)
    {
        Rents++;
        Open++;
        return new byte[minimumLength];
    }

    public override void Return(byte[] array, bool clearArray = false) => Open--;
}
