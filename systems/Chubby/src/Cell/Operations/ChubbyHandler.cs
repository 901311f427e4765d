using Microcosm.Chubby.Client;

namespace Microcosm.Chubby.Cell;

/// <summary>Carries out a call: what it writes into the reply is sent if it answers <see cref="ChubbyError.Ok"/>.</summary>
internal delegate ValueTask<ChubbyError> ChubbyHandler(ChubbyCall call);
