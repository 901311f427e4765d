namespace Microcosm.Chubby.Tests.Etcd;

/// <summary>A cluster whose members come and go: ours, or etcd's own.</summary>
internal interface IEtcdCluster : IAsyncDisposable
{
    /// <summary><c>host:port</c> where a member serves clients.</summary>
    string Endpoint(int member);

    /// <summary>Where a member says that the others reach it.</summary>
    string PeerUrl(int member);

    /// <summary>Starts one; what it has on its disk is there still. Completes when it serves.</summary>
    Task StartAsync(int member);

    /// <summary>Kills one where it stands.</summary>
    Task KillAsync(int member);

    /// <summary>Its disk is lost.</summary>
    Task EraseAsync(int member);

    /// <summary>Completes when a member has ended by itself.</summary>
    Task EndedAsync(int member);
}
