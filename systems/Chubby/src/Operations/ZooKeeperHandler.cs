namespace Microcosm.Chubby;

/// <summary>Carries out a request: writes its reply, refuses it, or proposes a change whose outcome is the reply.</summary>
internal delegate void ZooKeeperHandler(ref ZooKeeperCall call);
