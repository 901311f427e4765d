namespace Microcosm.Nginx;

/// <summary>The end of a chain whose response is over: takes all and gives nothing.</summary>
internal sealed class NoOutput : BodyFilter
{
    public override bool IsBacklogged => false;

    public override void Write(ReadOnlySpan<byte> bytes)
    {
    }

    public override void Flush()
    {
    }

    public override void End()
    {
    }

    public override void Resume()
    {
    }

    public override void Release()
    {
    }
}
