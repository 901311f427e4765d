using Grpc.Core;

namespace Microcosm.Chubby.Etcd;

/// <summary>A refusal in etcd's own words.</summary>
internal sealed record EtcdError(StatusCode Code, string Message);
