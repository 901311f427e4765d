using Google.Protobuf;
using Microcosm.Chubby.Etcd.Protocol;
using Microcosm.Runtime;
using Microcosm.Storage;

namespace Microcosm.Chubby.Etcd;

/// <summary>Finds out which member a node is, once in the life of its disk. A member whose disk is lost must not come back as the one it
/// was: it has forgotten whom it voted for.</summary>
internal static class OwnIdentity
{
    private const string File = "etcd/identity";
    private const int BytesMax = 1 << 16;

    public static async Task<MemberIdentity> FindAsync(NodeContext context, EtcdOptions options, CancellationToken cancellation)
    {
        // Nothing is left behind where there is nothing to be.
        var found = context.Disk.List(File).Count == 0 ? await AskAsync(context, options) : null;
        cancellation.ThrowIfCancellationRequested();
        using var file = await StateFile.OpenAsync(context.Disk, File, BytesMax);
        if (file.HasValue)
            return MemberIdentity.Parser.ParseFrom(file.Value);
        // The files may be there, and the value not: a crash came between.
        found ??= await AskAsync(context, options);
        await file.SaveAsync(found.ToByteArray());
        return found;
    }

    /// <summary>Those who found the cluster: the same on all nodes.</summary>
    public static IReadOnlyList<Member> Founders(EtcdOptions options) => [.. Enumerable.Range(1, options.Replicas).Select(i =>
    {
        var url = PeerUrls.Of(EtcdNode.NameOf(i), EtcdNode.PeerPort);
        return new Member { ID = MemberIds.Of([url], options.InitialClusterToken), PeerURLs = { url } };
    })];

    // A cluster that is there knows who joins it (initial-cluster-state=existing); where there is none, its founders make it (=new).
    private static async Task<MemberIdentity> AskAsync(NodeContext context, EtcdOptions options)
    {
        var own = PeerUrls.Of(context.Name, EtcdNode.PeerPort);
        var others = Enumerable.Range(1, options.Replicas + options.Spares).Select(i => EtcdNode.NameOf(i)).Where(n => n != context.Name);
        var views = await Task.WhenAll(
            others.Select(n => ClusterQuestions.AskAsync(context, new NodeEndPoint(n, EtcdNode.QuestionPort))));
        // Of those who answer the one that has seen the most changes knows best.
        if (views.MaxBy(v => v is null ? -1 : v.Members.Count + (2 * v.RemovedMembers.Count)) is { } view)
        {
            var member = view.Members.FirstOrDefault(m => m.PeerURLs.Contains(own))
                ?? throw new InvalidOperationException($"error validating peerURLs [{own}]: member count is unequal");
            if (ClusterMembers.IsStarted(member))
                throw new InvalidOperationException($"member {member.ID:x} has already been bootstrapped");
            return new MemberIdentity { Id = member.ID, Founders = { view.Founders } };
        }
        var founders = Founders(options);
        var founder = founders.FirstOrDefault(m => m.PeerURLs.Contains(own)) ?? throw new InvalidOperationException(
            "cannot fetch cluster info from peer urls: could not retrieve cluster information from the given URLs");
        return new MemberIdentity { Id = founder.ID, Founders = { founders } };
    }
}
