using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Microcosm.Chubby.Etcd;

/// <summary>A node's connection in Kestrel's hands: when Kestrel is done with it, the node gets it back and ends it.</summary>
/// <param name="inner">The node's.</param>
/// <param name="member">Whose it is.</param>
/// <param name="ordinal">Its number on its node.</param>
/// <param name="tls">What the member shows to clients and asks of them; null without TLS.</param>
internal sealed class HandedConnection(ConnectionContext inner, EtcdMember member, long ordinal, SslServerAuthenticationOptions? tls)
    : ConnectionContext
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whose it is.</summary>
    public EtcdMember Member { get; } = member;

    /// <summary>Its number on its node.</summary>
    public long Ordinal { get; } = ordinal;

    public SslServerAuthenticationOptions? Tls { get; } = tls;

    /// <summary>Kestrel is done.</summary>
    public Task Done => _done.Task;

    // TLS and repairs are between Kestrel and us: the node's own connection stays as it is.
    public override IDuplexPipe Transport { get; set; } = inner.Transport;

    public override string ConnectionId
    {
        get => inner.ConnectionId;
        set => inner.ConnectionId = value;
    }

    public override IFeatureCollection Features => inner.Features;

    public override IDictionary<object, object?> Items
    {
        get => inner.Items;
        set => inner.Items = value;
    }

    public override CancellationToken ConnectionClosed
    {
        get => inner.ConnectionClosed;
        set => inner.ConnectionClosed = value;
    }

    public override EndPoint? LocalEndPoint
    {
        get => inner.LocalEndPoint;
        set => inner.LocalEndPoint = value;
    }

    public override EndPoint? RemoteEndPoint
    {
        get => inner.RemoteEndPoint;
        set => inner.RemoteEndPoint = value;
    }

    public override void Abort(ConnectionAbortedException abortReason) => inner.Abort(abortReason);

    public override void Abort() => inner.Abort();

    public override ValueTask DisposeAsync()
    {
        _done.TrySetResult();
        return ValueTask.CompletedTask;
    }
}
