using Google.Protobuf;
using Grpc.Core;
using Microcosm.Chubby.Etcd.Protocol;

namespace Microcosm.Chubby.Etcd;

/// <summary>One call of a client, as operations see it.</summary>
internal sealed class EtcdCall(EtcdMember member)
{
    public EtcdMember Member { get; } = member;

    public EtcdStore Store => Member.Store;

    public AuthStore Auth => Member.Store.Auth;

    /// <summary>Number of the connection that it came on.</summary>
    public required long ConnectionId { get; init; }

    /// <summary>The one message of calls that have no stream of them.</summary>
    public IMessage? Request { get; init; }

    /// <summary>What comes, of calls that have a stream.</summary>
    public IAsyncStreamReader<IMessage>? Requests { get; init; }

    /// <summary>Where responses go, of calls that have a stream.</summary>
    public IServerStreamWriter<IMessage>? Responses { get; init; }

    /// <summary>The client is gone, or its deadline is over.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>The client's address.</summary>
    public string Peer { get; init; } = "";

    /// <summary>The client would rather be refused than served by a member without a leader.</summary>
    public bool RequiresLeader { get; init; }

    /// <summary>What <c>Authenticate</c> gave, or null.</summary>
    public string? Token { get; init; }

    /// <summary>Of the client's certificate, where that says who it is; or null.</summary>
    public string? CommonName { get; init; }

    /// <summary>Ends the client's connection without a word.</summary>
    public Action CutOff { get; init; } = static () => { };

    /// <summary>Who asks. Refuses tokens that nobody has.</summary>
    public Access Access()
    {
        if (Token is null)
            return Auth.IsEnabled && CommonName is not null ? new Access(CommonName, Auth.Revision) : Etcd.Access.Nobody;
        if (Member.Jwt is { } jwt)
            return jwt.Verify(Token, Member.Context.Clock.GetUtcNow()) ?? throw new EtcdException(EtcdErrors.InvalidAuthToken);
        return Member.Tokens.UserOf(Token) is { } user ? new Access(user, Auth.Revision)
            : throw new EtcdException(EtcdErrors.InvalidAuthToken);
    }

    public T Take<T>()
        where T : class, IMessage => (T)Request!;

    public void CheckAdmin() => Auth.CheckAdmin(Access());

    // Who waits for the call is told of its end by the runner: waiting for the group need not end too, and costs less.

    /// <summary>From here on this member shows all that was agreed on before the call.</summary>
    public ValueTask ReadAsync() => Member.Replica.ReadAsync(CancellationToken.None);

    /// <summary>The response, once the command is agreed on and applied here.</summary>
    public Task<IMessage> ProposeAsync(EtcdCommand command)
    {
        var access = Access();
        (command.User, command.AuthRevision) = (access.User, access.Revision);
        return Member.ProposeAsync(command, CancellationToken.None);
    }

    /// <summary>What fault rules match against: the key that it is about.</summary>
    public ReadOnlySpan<byte> Target() => Request switch
    {
        RangeRequest r => r.Key.Span,
        PutRequest r => r.Key.Span,
        DeleteRangeRequest r => r.Key.Span,
        TxnRequest { Compare: [var first, ..] } => first.Key.Span,
        LockRequest r => r.Name.Span,
        CampaignRequest r => r.Name.Span,
        _ => default,
    };
}
