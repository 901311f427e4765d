using Google.Protobuf;

namespace Microcosm.Chubby.Etcd;

/// <summary>Carries out a call, on the node's executor: gives the response, or null where it has written to a stream.</summary>
internal delegate Task<IMessage?> EtcdHandler(EtcdCall call);
