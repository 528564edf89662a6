import { installProbe } from './probe'

installProbe()
