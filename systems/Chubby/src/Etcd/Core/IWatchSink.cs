using Microcosm.Chubby.Etcd.Protocol;

namespace Microcosm.Chubby.Etcd;

/// <summary>Where the watches of a stream send what they see.</summary>
internal interface IWatchSink
{
    /// <summary>So much waits to be sent that watches hold back: they catch up once it is gone.</summary>
    bool IsFull { get; }

    void Take(WatchResponse response);
}
