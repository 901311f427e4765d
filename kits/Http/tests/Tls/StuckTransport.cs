using System.Net;
using Microcosm.Runtime;

namespace Microcosm.Http.Tests;

/// <summary>A transport whose peer takes nothing: whatever is to leave before it closes never does.</summary>
internal sealed class StuckTransport() : SessionTransport(new OutputBuffer())
{
    public Session? Session { get; set; }

    public bool IsAborted { get; private set; }

    public override EndPoint Remote { get; } = new NodeEndPoint("client", 50_000);

    public override EndPoint Local { get; } = new NodeEndPoint("server", 443);

    public override bool IsClosed => IsAborted;

    public override void Close()
    {
    }

    public override void Abort()
    {
        IsAborted = true;
        Session!.Closed(null);
    }

    public override void PauseInput()
    {
    }

    public override void ResumeInput()
    {
    }

    public override void EndOutput()
    {
    }

    public override void ShowLeftover()
    {
    }

    protected override void ScheduleSend()
    {
    }
}
