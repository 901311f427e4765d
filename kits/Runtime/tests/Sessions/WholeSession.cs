namespace Microcosm.Runtime.Tests;

/// <summary>Takes one message whole, when its last byte has come, and checks that every byte of it is what was sent.</summary>
internal sealed class WholeSession(SemaphoreSlim shown) : Session, ISessionFactory
{
    /// <summary>The last byte.</summary>
    public const byte End = 255;

    /// <summary>How often input was shown.</summary>
    public int Shown { get; private set; }

    /// <summary>Length of the message that was taken.</summary>
    public int Whole { get; private set; }

    /// <summary>What stands at a place of the message.</summary>
    public static byte ByteAt(int place) => (byte)(place % 251);

    public Session Accept(SessionTransport transport) => this;

    public override int Receive(ReadOnlySpan<byte> input)
    {
        Shown++;
        var isWhole = input[^1] == End;
        for (var i = 0; isWhole && i < input.Length - 1; i++)
            Invariant.Check(input[i] == ByteAt(i));
        if (isWhole)
            Whole = input.Length;
        shown.Release();
        return isWhole ? input.Length : 0;
    }

    public override void Closed(Exception? error)
    {
    }
}
