namespace Microcosm.Runtime.Tests;

/// <summary>Echoes whole lines, and closes after one that is a dot.</summary>
internal sealed class EchoSession(SessionTransport transport, EchoFactory factory) : Session
{
    public override int Receive(ReadOnlySpan<byte> input)
    {
        var end = input.LastIndexOf((byte)'\n') + 1;
        if (end == 0)
            return 0;
        if (input[0] == (byte)'!')
            throw new InvariantException("the client asked for it");
        factory.Heard?.Invoke();
        transport.Output.Write(input[..end]);
        transport.ReleaseAll();
        factory.PendingMax = Math.Max(factory.PendingMax, transport.PendingBytes);
        if (input[..end].EndsWith("\n.\n"u8) || input[..end].SequenceEqual(".\n"u8))
            transport.Close();
        else if (transport.PendingBytes > 1024 * 1024)
            transport.PauseInput();
        return end;
    }

    public override void Drained() => transport.ResumeInput();

    public override void Closed(Exception? error) => factory.OnClosed(error);
}
