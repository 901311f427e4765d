namespace Microcosm.Nginx;

/// <summary>The last step of a body: the exchange.</summary>
internal sealed class ResponseOutput(Sending sending, HttpRequest request) : BodyFilter
{
    public override bool TakesFiles => true;

    public override bool IsBacklogged => request.Exchange.IsBacklogged;

    public override void Write(ReadOnlySpan<byte> bytes) => request.Exchange.Write(bytes);

    public override void WriteFile(OpenFile file, long offset, long length) => request.Exchange.WriteFile(file, offset, length);

    public override void Flush()
    {
        // What is written leaves at the end of the turn.
    }

    public override void End() => sending.EndExchange();

    public override void Resume()
    {
    }

    public override void Release()
    {
    }
}
