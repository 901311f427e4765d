using Google.Protobuf;
using Microcosm.Chubby.Etcd.Protocol;

namespace Microcosm.Chubby.Etcd;

/// <summary>The Watch service: one stream carries many watches.</summary>
internal static class WatchOperations
{
    [EtcdOperation("Watch", Service = "Watch")]
    public static async Task<IMessage?> Watch(EtcdCall call)
    {
        using var stream = new WatchStream(call);
        var sending = stream.SendAsync();
        try
        {
            while (!stream.IsBroken && await call.Requests!.MoveNext(call.Cancellation))
                stream.Take((WatchRequest)call.Requests.Current);
            // Who has asked for all that it wants listens on.
            if (!stream.IsBroken)
                await Task.Delay(Timeout.InfiniteTimeSpan, call.Member.Context.Clock, call.Cancellation);
        }
        finally
        {
            stream.End();
            await sending;
        }
        return null;
    }
}
